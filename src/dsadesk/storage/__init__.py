"""The vault: this laptop's encrypted database with the objects beside it, and its twin in memory."""
