"""The words by which mail clients introduce a quoted mail, in the languages that they are written in.

A line of each table is of one language or of a few that are near each other: Chinese, English; German, Dutch;
French, Spanish, Catalan, Portuguese, Italian, Romanian; Danish, Norwegian, Swedish; Finnish, Estonian,
Hungarian, Turkish; Polish, Czech, Slovak, Croatian; Russian, Ukrainian; Japanese, Korean.
"""


def _listed(table: str, mark: str = ",") -> tuple[str, ...]:
    return tuple(word.strip() for line in table.splitlines() for word in line.split(mark) if word.strip())


LABELS = {
    "from": _listed("""
        发件人, 發件人, 寄件者, 寄件人, 從, 自, 由
        From, Sender
        Von, Van
        De, Da, De la, Mittente, Expeditorul
        Fra, Från
        Lähettäjä, Saatja, Feladó, Kimden, Gönderen
        Od, Nadawca, Odesílatel, Šalje
        От, От кого, Отправитель, Від, Від кого
        差出人, 送信元, 보낸 사람, 발신, 발신인
    """),
    "sent": _listed("""
        发送时间, 发送日期, 发件时间, 发件日期, 日期, 时间, 已发送, 已发送时间
        寄件時間, 寄件日期, 傳送時間, 傳送日期, 發送時間, 已傳送
        Sent, Date, Sent Time, Send Time, Sent At, Sent On, Sent Date, Send Date, Date Sent
        Gesendet, Gesendet am, Datum, Verzonden
        Envoyé, Envoyé le, Message du, Fecha, Enviado, Enviado el, Enviado em, Data, Inviato, Dată, Trimis
        Dato, Sendt, Skickat
        Päivämäärä, Päiväys, Lähetetty, Kuupäev, Elküldve, Dátum, Tarih, Gönderildi, Gönderilen
        Wysłano, Odesláno, Odoslané, Poslano
        Дата, Отправлено, Надіслано, Відправлено
        送信日時, 日付, 日時, 보낸 날짜, 보낸 시간, 날짜
    """),
    "to": _listed("""
        收件人, 收件者, 至
        To, Recipient
        An, Aan
        À, A, Pour, Para, Per, Către, Destinatarul
        Til, Till
        Vastaanottaja, Saaja, Címzett, Kime, Alıcı
        Do, Adresat, Komu, Pre, Prima
        Кому
        宛先, 送信先, 받는 사람, 받은 사람, 수신, 수신인
    """),
    "cc": _listed("""
        抄送, 抄送至, 抄送人, 副本, 副本抄送
        Cc
        Kopie, Kopie (CC)
        Copie, Copie à
        Kopi, Kopia
        Kopio, Koopia, Másolat, Másolatot kap, Bilgi
        DW, Kópia, Kopija
        Копия, Копія
        写し, 참조
    """),
    "subject": _listed("""
        主题, 主題, 主旨, 标题
        Subject
        Betreff, Thema, Onderwerp
        Objet, Sujet, Asunto, Assumpte, Assunto, Oggetto, Argomento, Subiect, Subiectul
        Emne, Ämne, Ärende
        Aihe, Teema, Tárgy, Konu
        Temat, Předmět, Predmet, Naslov
        Тема
        件名, 제목
    """),
    "other": _listed("""
        密送, 密件副本, 重要性, 优先级, 附件, 回复至, 答复, 发送人
        Bcc, Importance, Priority, Attachments, Reply-To, Sent by
        Anlagen, Wichtigkeit, Antwort an, Gesendet von, Antwoord aan
        Pièces jointes, Répondre à, Envoyé par, Responder a, Enviado por, Rispondi a, Risposta, Inviato da
        Răspuns către
        Svar til, Svara till
        Vastaus, Válaszcím, Yanıt Adresi
        Odpowiedź-do, Odpověď na, Odpovedať-Pre, Odgovori na
        Ответ-Кому, Кому відповісти
        返信先
    """),
}
"""The fields by the names that clients give them."""

OF_REPLIES = _listed("""
    原始邮件, 邮件原件, 原邮件, 回复的原邮件, 回复的邮件, 邮件原文, 原始郵件, 原始訊息, 原始电子邮件, 原始约会
    Original Message, Original Messages, Original Mail, Original Email, Original Appointment
    Replied Message, Reply Message
    Ursprüngliche Nachricht, Ursprünglicher Termin, Original-Nachricht, Originalnachricht
    Oorspronkelijk bericht, Oorspronkelijke afspraak
    Message d'origine, Rendez-vous d'origine, Message original, Courriel original
    Mensaje original, Mensagem original
    Messaggio originale, Missatge original, Mesaj original
    Oprindelig besked, Oprindelig meddelelse, Opprinnelig melding, Ursprungligt meddelande
    Alkuperäinen viesti, Eredeti üzenet, Özgün ileti
    Oryginalna wiadomość, Původní zpráva, Pôvodná správa, Izvorna poruka
    Исходное сообщение, Оригінальне повідомлення
    元のメッセージ, 元のメール, 원본 메일, 원본 메시지, 원본 메세지, 원본 이메일
""")
"""What stands between dashes above the mail that is answered."""

UNSURE = _listed("Original, 原始信息, 原文, 原文如下")
"""The same where fields follow; people write it above a file, too."""

OF_FORWARDS = _listed("""
    转发邮件信息, 转发的邮件, 转发邮件, 已转发邮件, 转发的原邮件, 转发的消息, 轉寄郵件, 轉寄的郵件, 轉寄的訊息
    Forwarded Message, Forwarded Mail
    Weitergeleitete Nachricht, Doorgestuurd bericht
    Message transféré, Message transmis, Mail transféré, Mensaje reenviado, Mensagem encaminhada
    Mensagem reencaminhada, Messaggio inoltrato, Mesaj redirecționat
    Videresendt besked, Videresendt meddelelse, Videresendt melding, Vidarebefordrat meddelande
    Välitetty viesti, Välitetty viesti / Fwd.Msg, Edelleenlähetetty viesti, Továbbított üzenet
    İletilen mesaj, İletilen İleti, İletilmiş Mesaj
    Przekazana wiadomość, Wiadomość przesłana dalej, Treść przekazanej wiadomości
    Přeposlaná zpráva, Preposlaná správa, Preposlaná správa --- Forwarded Message, Proslijeđena poruka
    Пересылаемое сообщение, Перенаправленное сообщение, Пересланное сообщение
    Перенаправлене повідомлення, Переслане повідомлення
    メッセージを転送, 転送されたメッセージ, 전달된 메시지, 전달된 메일
""")
"""What stands between dashes above a mail that is passed on."""

FORWARD_BEGINS = _listed(
    """
    转发的邮件 / 以下是转发的邮件 / 开始转发的邮件 / 下面是被转发的邮件 / 開始轉寄郵件 / 轉寄的郵件
    Begin forwarded message / Forwarded message
    Anfang der weitergeleiteten Nachricht / Begin doorgestuurd bericht
    Début du message réexpédié / Début du message transféré / Inicio del mensaje reenviado
    Início da mensagem reencaminhada / Início da mensagem encaminhada / Inizio messaggio inoltrato
    Începe mesajul redirecționat
    Start på videresendt besked / Videresendt melding / Vidarebefordrat mejl
    Välitetty viesti alkaa / Továbbított levél kezdete / İleti başlangıcı
    Początek przekazywanej wiadomości / Začátek přeposílané zprávy / Začiatok preposlanej správy
    Započni proslijeđenu poruku
    Начало переадресованного сообщения / Початок листа, що пересилається
    転送されたメッセージ / 전달된 메시지
    """,
    "/",
)
"""What stands alone, with a colon, above the fields of a mail that is passed on (Apple, MailMate)."""

NOTES_PASSED_ON = _listed("""
    转发人, 轉寄者, Forwarded by, Weitergeleitet von, Doorgestuurd door, Transféré par, Réexpédié par
    Remitido por, Reenviado por, Encaminhado por, Inoltrato da, 転送者
""")
"""What Notes writes between dashes, with who passed it on and when behind it."""

NOTES_BESIDE = _listed(
    """
    发送人 / 请答复 / 请回复 / 請回覆
    Sent by / Please respond to
    Gesendet von / Bitte antworten an / Bitte Antwort an
    Envoyé par / Veuillez répondre à / Enviado por / Por favor, responda a
    Inviato da / Per favore, rispondere a
    送信者 / 返信先
    """,
    "/",
)
"""Beginnings of the lines that Notes adds to writer and time."""
