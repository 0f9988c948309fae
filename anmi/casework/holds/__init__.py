"""What stays our hand: disputes, complaints, hardship, death, requests to cease, and special groups."""
