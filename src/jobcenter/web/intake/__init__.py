"""Taking people in and keeping what is known about clients, coaches and units."""
