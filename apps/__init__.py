"""What the course builds on helpers: a report on any shop's file of orders, and a service."""
