"""Providers of mail to everybody: such a domain says nothing of whom an address belongs to."""

FREE_MAIL = frozenset(
    {
        *("qq.com", "vip.qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "188.com", "139.com"),
        *("189.cn", "wo.cn", "sina.com", "sina.cn", "sohu.com", "aliyun.com", "tom.com", "21cn.com"),
        *("gmail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "icloud.com", "yahoo.com"),
        *("proton.me", "protonmail.com", "gmx.de", "gmx.net", "web.de", "mail.ru", "yandex.ru", "naver.com"),
    }
)
