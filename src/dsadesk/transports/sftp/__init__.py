"""A store on an SFTP server: SSH by paramiko, the file protocol and the writing that resumes by us. docs/formats/store.md says how."""
