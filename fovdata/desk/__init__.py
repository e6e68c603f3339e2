"""The intake desk: an application of its own, for whoever reads answers in. Never public.

Who comes in
    serving      starts it, or says what is missing
    entrance     one person at her own machine, or those who sign in and are on the list
    server       what is answered besides Streamlit, and what is refused
    document     the HTML document that carries it, in Swedish

What stands there
    navigation   its pages
    frame        what stands around them
    state        what one person has at hand: the only module that reads st.session_state
    filing       a file: its faults, what it holds
    adding       what adding it would do, the button that does, the receipt
    beside       a file's own figures beside the country's
    comparing    the card that they stand in
    paper        one form typed from paper: letters in, the form's answers and a sentence out
    pile         what the forms of a pile have in common, as read from what is typed
    registering  the fields that it is typed into
    trace        what has been read in, by import and by day
    tasks        the pages, one short script each

The scripts do not lie in a folder called pages: Streamlit would run such a script by its address
alone until the main script has run once, and so pass the entrance by.
"""
