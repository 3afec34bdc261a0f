-- Welk deel van de signalen over een regeling bij een overdracht speelde.
SELECT regeling, count(*) AS signalen, count(CASE WHEN overdracht THEN 1 END) AS bij_overdracht,
    CAST(round(100.0 * count(CASE WHEN overdracht THEN 1 END) / count(*)) AS INTEGER) AS procent
FROM signaal_regelingen
GROUP BY regeling
ORDER BY regeling
