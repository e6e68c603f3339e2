"""Where Streamlit lives: the server, the main script with its filters, the frame of a page."""
