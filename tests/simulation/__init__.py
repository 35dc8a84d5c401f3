"""The play that policies are tried with."""
