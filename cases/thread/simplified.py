"""Text as patterns read it: plain forms of letters, simplified Chinese. Pure."""

import unicodedata

_TRADITIONAL = (
    "謝谢進进嗎吗麼么沒没結结論论復复覆复複复況况樣样還还長长時时間间處处請请問问後后為为給给題题調调辦办稱称詢询決决關关閉闭"
    "幫帮協协瞭了應应該该現现狀状態态報报錯错藍蓝當当機机壞坏無无變变穩稳啟启動动運运開开電电話话傳传郵邮編编號号樓楼區区縣县"
    "單单訊讯發发簽签網网獲获從从師师經经實实讓让這这個个們们來来過过說说對对點点總总體体務务專专業业團团學学醫医銀银廠厂責责"
    "勞劳謹谨順顺頌颂禮礼職职級级補补導导產产貴贵費费歡欢諒谅確确認认誤误刪删權权據据臺台灣湾聯联絡络絕绝驗验測测試试階阶"
    "擾扰煩烦週周併并並并夠够裡里裏里嘗尝僅仅條条參参顯显視视匯汇彙汇轉转遠远連连線线斷断續续極极雖虽餘余陸陆鄭郑陳陈張张"
    "劉刘黃黄趙赵吳吴孫孙馬马許许馮冯鄧邓葉叶蘇苏呂吕盧卢鐘钟鍾钟譚谭錢钱湯汤賈贾韋韦鄒邹龍龙賀贺顧顾龔龚萬万嚴严賴赖"
    "蕭萧蔣蒋楊杨羅罗韓韩聶聂莊庄華华喬乔齊齐龐庞顏颜駱骆蘭兰掛挂當当碼码標标賬账帳账戶户設设備备檔档圖图紅红頻频邊边於于裝装"
    "異异緩缓達达記记憶忆雲云劃划詳详隱隐聲声護护閱阅讀读將将內内責责書书許许銷销毀毁傷伤財财擬拟擴扩擇择擔担濟济庫库億亿"
    "讚赞憂忧嚐尝準准舊旧徹彻釋释釐厘鬆松難难離离須须預预頁页類类願愿飛飞驅驱"
)
_SIMPLIFIED = str.maketrans(_TRADITIONAL[::2], _TRADITIONAL[1::2])
"""Those of the characters that customers' short words and signatures are made of."""


def simplified(text: str) -> str:
    """``text`` for comparing, not for showing; ’ is ' in it."""
    return unicodedata.normalize("NFKC", text).translate(_SIMPLIFIED).replace("’", "'")
