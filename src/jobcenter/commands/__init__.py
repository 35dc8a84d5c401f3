"""The verbs: one module each, with `main(arguments) -> exit status`, found by its name."""
