-- Hoe vaak elk thema in signalen voorkomt, per kwartaal en laag.
SELECT thema, kwartaal, laag, count(*) AS signalen
FROM record_themas
WHERE soort = 'signaal'
GROUP BY thema, kwartaal, laag
ORDER BY thema, kwartaal NULLS FIRST, laag NULLS FIRST
