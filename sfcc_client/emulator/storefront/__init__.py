"""What a shopper would see of it all: a page for the status of an order and one for help content."""
