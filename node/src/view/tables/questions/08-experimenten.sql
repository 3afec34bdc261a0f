-- Experimenten per gevarieerde variabele en uitkomst, ook wat mislukte of stopte.
SELECT variabele_code, uitkomst, count(*) AS experimenten, count(yi_honderdsten) AS met_effect,
    count(onderdrukt) AS onderdrukt
FROM experimenten
WHERE uitkomst IS NOT NULL
GROUP BY variabele_code, uitkomst
ORDER BY variabele_code NULLS FIRST, uitkomst
