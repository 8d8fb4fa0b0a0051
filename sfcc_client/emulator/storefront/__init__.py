"""What a shopper would see of it all: products, the status of an order, help content."""
