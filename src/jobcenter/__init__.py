"""Jobcenter: short paid gigs for people in work activity, each with the support it needs."""
