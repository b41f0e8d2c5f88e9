package account

import (
	"embed"
	"strings"
	"text/template"
	"time"

	"taskwire.dev/shared/preference"
)

// mails has the templates of mails for each language of preference.Languages.
//
//go:embed mails/*.txt
var mails embed.FS

var mailTexts = func() map[string]*template.Template {
	texts := map[string]*template.Template{}
	for _, language := range preference.Languages {
		texts[language] = template.Must(template.ParseFS(mails, "mails/"+language+".txt"))
	}
	return texts
}()

// mailText is what a mail of a language says.
type mailText struct{ texts *template.Template }

// mailIn returns the texts of a language; they are English for one that is not known.
func mailIn(language string) mailText {
	texts := mailTexts[language]
	if texts == nil {
		texts = mailTexts["en"]
	}
	return mailText{texts}
}

func (m mailText) say(name string, data any) (string, error) {
	var b strings.Builder
	err := m.texts.ExecuteTemplate(&b, name, data)
	return b.String(), err
}

// mail returns the subject and the text of a mail.
func (m mailText) mail(kind MailKind, data any) (subject, text string, err error) {
	if subject, err = m.say(string(kind)+" subject", nil); err != nil {
		return "", "", err
	}
	text, err = m.say(string(kind), data)
	return subject, text, err
}

// reset has the secret in the link's fragment, which browsers send to no server: so it is in no log. It does not name the user,
// who could otherwise send advertisements to others by registering under their addresses.
func (m mailText) reset(page, secret string) (subject, text string, err error) {
	return m.mail(MailReset, map[string]any{"Minutes": int(ResetLifetime.Minutes()), "Link": page + "#" + secret})
}

// deletion says on which day an account will be deleted.
func (m mailText) deletion(at time.Time) (subject, text string, err error) {
	months, err := m.say("months", nil)
	if err != nil {
		return "", "", err
	}
	year, month, day := at.UTC().Date()
	return m.mail(MailDeletion, map[string]any{"Day": day, "Month": strings.Fields(months)[month-1], "Year": year})
}
