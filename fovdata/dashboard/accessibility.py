"""The accessibility statement: what was built for, what was tried, what falls short and why."""

from collections.abc import Mapping, Sequence

BUILT_FOR = (
    "Webbplatsen är byggd för att följa WCAG 2.1, nivå AA. Allt går att nå med tangentbordet, "
    "varje diagram och karta har en text som säger vad den visar och samma uppgifter i en tabell, "
    "ingen uppgift bärs av färg ensam, och sidorna är märkta som svenska."
)

TRIED: Sequence[Mapping[str, str]] = (
    {
        "Prövat": "Automatisk granskning med axe",
        "Hur": "Varje sida i Chromium, ljust och mörkt läge, tre bredder; också med en öppen "
        "lista, en öppen förklaring och tabellen framme",
        "Utfall": "Inga allvarliga eller kritiska fel",
    },
    {
        "Prövat": "Kontrast",
        "Hur": "Text och markeringar i båda lägena, mätta i samma granskning",
        "Utfall": "Minst 4,5 : 1 för text",
    },
    {
        "Prövat": "Tangentbord",
        "Hur": "Från adressfältet till ett filter och en nedladdad fil, och tillbaka",
        "Utfall": "Allt går att nå, och det syns var man är",
    },
    {
        "Prövat": "Förstoring",
        "Hur": "320 punkters bredd, som motsvarar 400 % på en skärm av 1280, och 200 %",
        "Utfall": "Ingenting hamnar utanför sidan; breda tabeller rullar inom sin ruta",
    },
    {
        "Prövat": "Rörelse",
        "Hur": "Med minskad rörelse vald i datorn",
        "Utfall": "Ingenting rör sig",
    },
    {
        "Prövat": "Skärmläsare",
        "Hur": "Bara vad webbläsaren lämnar till den: rubriker, namn och beskrivningar",
        "Utfall": "Inte prövat med en skärmläsare av någon som använder en",
    },
)
"""What was tried, how, and what came of it. Each of them but the last is a test."""

SHORT: Sequence[Mapping[str, str]] = (
    {
        "Brist": "Några ord är på engelska",
        "Var": "Menyn i tabeller med fler än 60 rader, och orden när förbindelsen med servern "
        "bryts",
        "I stället": "Kortets fil har samma tabell; ladda om sidan när nätet är tillbaka",
    },
    {
        "Brist": "En kommun på kartan går inte att välja med tangentbordet",
        "Var": "Kartan på Täckning",
        "I stället": "Sök kommunen i listan över kartan, eller läs tabellen",
    },
    {
        "Brist": "Ett värde i ett diagram går inte att nå med tangentbordet",
        "Var": "Alla diagram",
        "I stället": "Kortets tabell har samma värden, och knappen Varför visas inte allt? samma "
        "förklaringar",
    },
    {
        "Brist": "Stora tabeller ritas som en bild",
        "Var": "Tabeller med fler än 60 rader",
        "I stället": "Ladda ner CSV",
    },
    {
        "Brist": "Sidan visas först när dess program har laddats",
        "Var": "Alla sidor utom Presentation på hela skärmen, som är ett färdigt dokument",
        "I stället": "API:et svarar utan",
    },
)
"""What falls short: all of it comes of the framework that the pages are built on."""
