"""What is kept about clients, coaches and units: how it is told, checked, and changed."""
