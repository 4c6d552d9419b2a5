"""Question sets as data: what is asked, what applies, what is missing, and what an answer says in words. Bytes in, values out."""
