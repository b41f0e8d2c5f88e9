package main

// others are the forms of parts in other languages than English, by locale. Slots are those of forms.
var others = map[string][][]string{
	"de-DE": {
		{
			"heute", "morgen", "übermorgen", "Uebermorgen", "am <tag>", "<tag>", "nächsten <tag>", "kommenden <tag>", "nächste Woche", "bis <tag>", "bis zum <n>.",
			"am <n>.", "am <n>. <monat>", "<n>. <monat> <year>", "<n> <monat>", "am <n>.<n>.", "<n>.<n>.", "<n>/<n>", "in <n> <einheit>", "in einer Woche",
			"am Wochenende", "Ende des Monats", "ab <tag>", "ab dem <n>. <monat>", "<tag> in einer Woche", "<tag>, den <n>. <monat>", "vor <tag>", "vom <n>.",
			"morgen früh", "heute Abend", "<tag> Abend", "<tag>abend", "am Abend", "Morgen", "jeden Morgen", "Guten Morgen", "von <tag> bis <tag>",
			"vor dem <n>. <monat>", "nach dem <n>.<n>.", "zwischen <tag> und <tag>",
			"vom <n>. bis <n>. <monat>", "<n>.-<n>. <monat>", "vom <n>.<n>. bis zum <n>.<n>.", "vom <n>. bis <n>.", "am <n>. und <n>. <monat>",
		},
		{
			"um <n>", "um <n> Uhr", "<n> Uhr", "<n> Uhr <nn>", "<n>:<nn> Uhr", "um <n>.<nn>", "um halb <n>", "halb sieben", "um <n> nach halb <n>", "um 5 vor <n>", "um <n> Uhr nachts", "um halb <n> nachts", "<n>:<nn> Uhr mittags",
			"heute Mittag um <n>", "viertel vor <n>", "viertel nach acht",
			"von <n> bis <n> Uhr", "zwischen <n> und <n> Uhr", "abends", "mittags", "um Mitternacht", "bis <n> Uhr", "ab <n> Uhr", "<n> Uhr nachts", "um <n> Euro", "um <n> am",
			"in einer halben Stunde", "in <n> Stunden und <n> Minuten",
		},
		{
			"jeden Tag", "jeden <tag>", "jeden! <tag>", "jeden zweiten <tag>", "jede zweite Woche", "alle <n> <einheit>", "alle! <n> <einheit>", "täglich", "monatlich am <n>.",
			"<tag>s", "<tag>s und <tag>s", "jeden <tag>, <tag> und <tag>", "jeden <n>.", "am <n>. jedes Monats", "am <n>. und <n>. jedes Monats", "jeden letzten <tag> im Monat",
			"jeden zweiten <tag> im Monat", "an Werktagen", "<n> Mal", "für <n> Wochen", "nach Erledigung", "jeden", "jede", "jeden Mo und Do", "jeden Mo, Mi und Fr", "jeden Di., Do.", "am <n>. <tag> im Monat", "am <n>. <tag> jedes Monats", "Fr <n> Uhr", "<n>-<n> Uhr", "spätestens am <n>. <monat>", "bis einschließlich <n>. <monat>", "dreimal täglich", "an jedem <tag>", "<tag>, den <n>.<n>.",
			"alle", "jede Stunde",
		},
	},
	"es-MX": {
		{
			"hoy", "mañana", "pasado mañana", "manana", "el <día>", "<día>", "el próximo <día>", "el <día> que viene", "la próxima semana", "la semana que viene",
			"el <n>", "el <n> de <mes>", "<n> de <mes> de <year>", "<n> <mes>", "el <n>/<n>", "<n>/<n>", "en <n> <unidad>", "dentro de dos semanas", "este fin de semana",
			"a fin de mes", "a partir del <día>", "desde el <n> de <mes>", "el <día>, <n> de <mes>", "antes del <día>", "para el <día>", "hasta el <n> de <mes>", "hasta el <día>",
			"mañana por la mañana", "esta noche", "por la tarde", "la mañana", "de mañana", "de <día> a <día>", "viernes negro",
			"antes del <n> de <mes>", "entre el <día> y el <día>",
			"del <n> al <n> de <mes>", "del <n>/<n> al <n>/<n>", "el <n> y el <n> de <mes>", "del <día> al <día>",
		},
		{
			"a las <n>", "a la una", "a las <n>:<nn>", "a las <n> de la tarde", "a las <n>:<nn> de la noche", "a las seis y media", "a las <n> y cuarto", "a las <n> menos cuarto",
			"a las <n> menos diez de la mañana", "a las <n> y media de la madrugada", "a las <n> de la noche", "a las <n>:<nn> de la mañana", "esta tarde a las <n>",
			"en <n> horas y media",
			"al mediodía", "a medianoche", "a las 12 de la noche", "a las <n>h", "a las <n> horas", "de <n>:<nn> a <n>:<nn>", "en media hora", "a las fiestas",
		},
		{
			"cada día", "cada <día>", "cada! <n> <unidad>", "cada <n> <unidad>", "cada dos <día>", "todos los días", "todos los <día>", "los <día>", "los <día> y <día>",
			"cada <n>", "el <n> de cada mes", "cada mes el día <n>", "a más tardar el <día>", "el primero de cada mes", "a mediados de cada mes", "desde las <n> hasta las <n>", "a las <n>pm", "los días <n> y <n> de cada mes", "el tercer <día> del mes", "el <día> <n>/<n>",
			"el último <día> de cada mes", "el primer <día> de cada mes", "entre semana", "diariamente", "<n> veces", "durante <n> semanas",
			"después de completarlo", "cada", "cada mañana", "todas las noches", "cada hora",
		},
	},
}

func init() {
	forms["tag"] = []string{"Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag", "Sonnabend"}
	forms["monat"] = []string{"Januar", "März", "Mai", "Okt", "Dezember"}
	forms["einheit"] = []string{"Tagen", "Tage", "Wochen", "Monaten", "Jahre", "Stunden", "Minuten", "Tag"}
	forms["día"] = []string{"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo", "sabado", "sábados"}
	forms["mes"] = []string{"enero", "marzo", "mayo", "oct", "diciembre"}
	forms["unidad"] = []string{"días", "dias", "semanas", "meses", "años", "horas", "minutos", "día"}
}
