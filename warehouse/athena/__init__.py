"""Amazon Athena as a warehouse. Imported only where VTION_WAREHOUSE names it."""
