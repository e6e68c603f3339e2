"""The FOV dashboard. Its rooms, in the order that answers pass through them.

What everybody shares
    questionnaire   the form FOV: questions, answers, background fields
    responses       one anonymised answer: columns, types, categories
    tables          data/datapackage.json read and checked
    registry        federations, regions, municipalities, memberships
    published       figures that NNS has published, each with its source
    measures        what is counted in a cell, and under which label
    rules           the disclosure rules' parameters: show, code or hide
    selection       the reader's filters as one frozen value
    wording         how numbers, dates and hidden values look in Swedish
    markup          names as they are written, in Markdown and in spreadsheets
    geography       the municipalities' borders
    template        the workbook to type the forms into
    settings        where answers, releases and registry are
    signing_in      how one signs in, and who may

The safe side: single answers and the secret key
    keys            the secret key
    intake          the federations' files come in; the synthetic demo answers
    batches         the store of anonymised answers, one file an import
    release         counting, noise, the numbered release
    desk            the intake desk: an application of its own, for whoever reads answers in
    commands        python -m fovdata: the command line, a door to both sides

The open side: protected counts only
    figures         one function for each question that a reader asks
    charts          figures in, chart out
    export          what is taken away: a page for a board, a page's tables
    presentation    the story for a hall: its scenes, the stage, slides to edit
    dashboard       where Streamlit lives
    api             the same figures for machines
"""
