"""What somebody says who is away, in languages besides English and Chinese; clause by clause, as in
``away``. Every pattern is linear."""

import re

from cases.thread.patterns import words

_GERMAN = words("""
    da heute moment platz verfügbar in im am an bis zum zur vom ab auf mit ohne nach vor für von wegen bei
    sowie und oder auch nur wieder ich wir mein meine meiner meinem meinen unser unsere unseren der die
    das den dem des ein eine einen sie ihre ihren ihrer ihr ihnen sich mich uns bin bist ist sind werde
    werden wird habe haben kann können danke vielen dank bitte gerne leider derzeit zurzeit momentan
    eingeschränkt eingeschränkten keinen kein keine nicht zugriff e-mail e-mails mail mails nachricht
    nachrichten anfrage anfragen postfach gelesen weitergeleitet bearbeitet beantworten beantwortet
    antworten erreichen antworte melden melde rückkehr rückmeldung zurück erreichbar schnellstmöglich
    baldmöglichst umgehend so schnell wie möglich automatisch dahin anschließend danach spätestens
    voraussichtlich einschließlich inklusive dringenden dringende dringend fällen fall angelegenheiten
    anliegen notfall notfällen wenden kontaktieren rufen schreiben vertretung kollege kollegen kollegin
    herr herrn frau team hotline zentrale support büro urlaub urlaubs dienstreise telefon telefonisch
    unter tel mobil handy verständnis geduld zeit woche tage tag monat montag dienstag mittwoch donnerstag
    freitag samstag sonntag januar februar märz april mai juni juli august september oktober november
    dezember uhr feiertage feiertagen weihnachten neujahr ostern hallo guten sehr geehrte geehrter damen
    herren absender morgen abend liebe lieber alle zusammen freundlichen freundliche grüße grüßen beste
    viele besten mfg gruß erhalten eingegangen
""")
_FRENCH = words("""
    je nous suis serai serons sommes mon ma mes notre nos votre vos vous le la les l' un une des du de d'
    au aux à en et ou dans pour par sur avec sans dès jusqu'au jusqu'à depuis entre ce cette ces qui y ne
    pas que toute toutes tous seront lus lu moment peux pouvons maternité n'ai n'aurai aurai ai avons
    accès limité messages message mail mails e-mail e-mails courriel courriels messagerie réponse
    répondrai répondrons répondre reviendrai retour retard plus tôt rapidement possible bref délais délai
    meilleurs bientôt bureau absence absent absente congé congés vacances déplacement inclus cas d'urgence
    urgence urgent urgente urgences besoin contacter contactez joindre appeler écrire veuillez merci
    pouvez prie bien vouloir collègue collègues équipe support assistance standard monsieur madame mme m.
    mlle téléphone tél portable numéro adresse bonjour bonsoir cher chère chers cordialement compréhension
    patience reçu traité traiterai semaine jours jour heures matin soir prochain lundi mardi mercredi
    jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août septembre octobre
    novembre décembre noël fêtes salutations sincères
""")
_NUMBER = r"[\d+(][0-9a-z.:/()+–-]{0,30}|[\w.+-]{1,64}@[\w.-]{1,100}"
_GERMAN_WORD = rf"(?:(?:{_GERMAN}|{_NUMBER})(?![\w'])[.:]{{0,2}})"
_FRENCH_WORD = rf"(?:(?:{_FRENCH})(?:(?<=')|(?![\w'])[.:]{{0,2}}(?:\s|$))|(?:{_NUMBER})[.:]{{0,2}}(?:\s|$))"
_NAME = r"(?:(?-i:[A-Z])[\w'-]{1,20}(?:\s|$)){1,3}"
_GERMANS = (
    rf"(?:herrn?|frau|kolleg(?:e|en|in)|sich (?:bitte |gerne )?an|kontaktieren sie (?:bitte )?)\s{_NAME}"
)
_FRENCHMEN = rf"(?:m\.|mme|mlle|monsieur|madame|contacter|contactez|joindre|collègue)\s{_NAME}"
AWAY = re.compile(
    rf"(?:leider |derzeit |zurzeit )?(?:ich|wir) (?:bin|werde|befinde|sind)\s(?:{_GERMAN_WORD}\s){{0,15}}?"
    r"(?:nicht (?:im (?:büro|haus|hause)|erreichbar)|im urlaub|abwesend|außer haus|auf dienstreise"
    r"|in elternzeit|nicht (?:am platz|verfügbar|da)|im mutterschutz|nicht am arbeitsplatz)"
    rf"|(?:ich|wir) (?:bin|sind) (?:erst )?(?:ab|am)\s(?:{_GERMAN_WORD}\s){{0,15}}?wieder"
    r" (?:im büro|im haus|erreichbar|zurück)"
    rf"|(?:unser|das) büro (?:ist|bleibt)\s(?:{_GERMAN_WORD}\s){{0,15}}?geschlossen"
    r"|je (?:suis|serai) (?:actuellement |maintenant )?(?:absente?|hors du bureau|indisponible"
    r"|en (?:cong[ée]s?|vacances|d[ée]placement))"
    r"|actuellement (?:absente?|en (?:cong[ée]s?|vacances|d[ée]placement))"
    r"|(?:notre|nos) bureaux? (?:est|sont|seront|sera) ferm[ée]s?"
    r"|(?:actualmente )?(?:estoy|estar[ée]) (?:actualmente )?(?:fuera de|de vacaciones|ausente)"
    r"|(?:sono|sar[òo]) (?:attualmente )?(?:fuori (?:ufficio|sede)|assente|in (?:ferie|vacanza))"
    r"|(?:estou|estarei) (?:atualmente )?(?:ausente|de f[ée]rias|fora do escrit[óo]rio)"
    r"|ik ben (?:momenteel |van .{1,40})?(?:afwezig|niet (?:op kantoor|aanwezig)|(?:met|op) vakantie)"
    r"|(?:я )?(?:сейчас |в настоящее время )?(?:нахожусь )?"
    r"(?:в отпуске|отсутствую|в командировке|буду отсутствовать)"
    r"|(?:ただいま|只今|现在|誠に勝手ながら|私は)?.{0,40}"
    r"(?:不在に(?:して|なり)|不在(?:です|の(?:为|ため))|休暇(?:中|の(?:ため|为)|を(?:取得|いただい|頂い))|出张中|出张して|出张の(?:ため|为)|外出(?:中|して)"
    r"|(?:休业|お休み)(?:中|と(?:なり|させて)|を(?:いただい|頂い)))"
    r"|.{0,20}(?:부재 ?중|휴가 ?중|출장 ?중|휴가로)",
    re.I,
)
_SIGNS = (
    r"[\s\d年月日时间连络返信折致頂失礼上席外申訳不在休暇出张中后回答担当者戻次第期待惑承知顺以降夏季冬"
    r"末始业了解便感谢先别途勝手幸届遅場合愿世话携帯本急终]"
)
_ASKS_NOTHING_DE = r"(?!bitte (?!wenden|kontaktieren|rufen|schreiben|beachten))"
_ASKS_NOTHING_JA = r"(?!(?!お?急ぎの).{0,80}(?<!了承)ください)"
SAID = re.compile(
    rf"\s?{_ASKS_NOTHING_DE}(?:{_GERMAN_WORD}(?:\s|$)){{0,20}}(?:{_GERMANS})?(?:{_GERMAN_WORD}(?:\s|$)){{0,20}}"
    rf"|\s?{_FRENCH_WORD}{{0,20}}(?:{_FRENCHMEN})?{_FRENCH_WORD}{{0,20}}"
    rf"|{_ASKS_NOTHING_JA}(?:[\u3040-\u309f、/~…-]|メール|対応いたします|{_SIGNS}){{0,80}}",
    re.I,
)
"""When until, who else, thanks and a promise: all of a clause that has no word of trouble."""
