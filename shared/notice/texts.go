package notice

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/notification"
)

// ifNotYou ends the notices of what only the user should do.
const ifNotYou = "If that was not you, change your password and end the other sessions in the settings."

// Text is what a notice says: a title and a body in English, with what is inserted in braces, and a name. The names are in
// docs/openapi.yaml; the dashboard has the texts in its languages.
type Text struct{ name, title, body string }

// texts are all of them.
var texts []Text

func define(name, title, body string) Text {
	t := Text{name, title, body}
	texts = append(texts, t)
	return t
}

// The texts of all notices.
var (
	NewSignIn               = define("new-sign-in", "New sign-in", "Somebody signed in with {device}, from {network}. "+ifNotYou)
	SignInRefused           = define("sign-in-refused", "Sign-in refused", "Somebody entered your password or signed in at a provider, and then entered {tries} wrong second factors. If that was not you, change your password.")
	RecoveryCodeUsed        = define("recovery-code-used", "Recovery code used", "Somebody signed in with a recovery code. Recovery codes left: {left}. "+ifNotYou)
	PasswordChanged         = define("password-changed", "Password changed", "Your password was changed, and all other sessions have ended. If that was not you, ask for a new password on the sign-in page.")
	PasswordReset           = define("password-reset", "Password reset", "A new password was set with a link that was sent to your email address, and all sessions have ended. If that was not you, somebody reads your mail: change the password of your mailbox first.")
	PasswordSetByOperator   = define("password-set-by-operator", "Password set by the operator", "The operator of this server set another password, and all sessions have ended.")
	ResetLinkByAdmin        = define("reset-link-by-admin", "Link for a new password", "An administrator created a link with which the password of this account can be changed. If you did not ask for it, contact the operator of this server.")
	PasskeyAdded            = define("passkey-added", "Passkey added", "The passkey “{name}” can now sign in to your account. "+ifNotYou)
	PasskeyRemoved          = define("passkey-removed", "Passkey removed", "A passkey of your account was removed. "+ifNotYou)
	PasskeyCopied           = define("passkey-copied", "A passkey may have been copied", "The passkey “{name}” was refused, because its count of signatures went back: a second device may have it. Remove it in the settings if you cannot explain that.")
	TOTPAdded               = define("totp-added", "Authenticator app added", "Codes of an authenticator app can now be used to sign in to your account. "+ifNotYou)
	TOTPRemoved             = define("totp-removed", "Authenticator app removed", "The codes of your authenticator app are no longer accepted. "+ifNotYou)
	RecoveryCodesReplaced   = define("recovery-codes-replaced", "New recovery codes", "New recovery codes were made, and the earlier ones are no longer accepted. "+ifNotYou)
	SignInResetByOperator   = define("sign-in-reset-by-operator", "Ways to sign in removed by the operator", "The operator of this server removed all passkeys, the authenticator app, the recovery codes and the linked accounts, and all sessions have ended. Sign in with the password; if the account has none, set one with a reset link.")
	ProviderAdded           = define("provider-added", "Sign-in with {provider} added", "An account at {provider} can now sign in to yours. "+ifNotYou)
	ProviderRemoved         = define("provider-removed", "Sign-in with {provider} removed", "Your account at {provider} can no longer sign in to this one. "+ifNotYou)
	TokenCreated            = define("token-created", "New access token", "The access token “{name}” was created. If that was not you, revoke it in the settings and change your password.")
	AppConnected            = define("app-connected", "App connected", "“{name}” was connected. It may read your tasks. If that was not you, disconnect it in the settings and change your password.")
	AppConnectedToWrite     = define("app-connected-to-write", "App connected", "“{name}” was connected. It may read and change your tasks. If that was not you, disconnect it in the settings and change your password.")
	SessionsEndedByAdmin    = define("sessions-ended-by-admin", "Sessions ended by an administrator", "An administrator ended all sessions of this account.")
	AccessEndedByAdmin      = define("access-ended-by-admin", "Sessions ended by an administrator", "An administrator ended all sessions and access tokens of this account.")
	SessionsEndedByOperator = define("sessions-ended-by-operator", "Sessions ended by the operator", "The operator of this server ended all sessions of this account.")
	AccessEndedByOperator   = define("access-ended-by-operator", "Sessions ended by the operator", "The operator of this server ended all sessions and access tokens of this account.")
	AccountDisabled         = define("account-disabled", "Account disabled", "An administrator disabled this account. All sessions and access tokens ended; tasks and reminders stayed.")
	AccountEnabled          = define("account-enabled", "Account enabled", "An administrator enabled this account again. Access tokens have to be created anew in the settings.")
	DisabledByOperator      = define("disabled-by-operator", "Account disabled", "The operator of this server disabled this account. All sessions and access tokens ended; tasks and reminders stayed.")
	EnabledByOperator       = define("enabled-by-operator", "Account enabled", "The operator of this server enabled this account again. Access tokens have to be created anew in the settings.")
	AdminGranted            = define("admin-granted", "You are an administrator", "This account can now manage users and the event pipeline, as soon as you reload the page.")
	AdminRevoked            = define("admin-revoked", "No longer an administrator", "This account can no longer manage users and the event pipeline, and all its sessions have ended.")
	DeletionRequested       = define("deletion-requested", "Your account will be deleted", "It will be deleted with everything in it on {day}. Until then you can cancel this in the settings. If that was not you, cancel it and change your password.")
	DeletionByOperator      = define("deletion-by-operator", "Your account will be deleted", "The operator of this server will delete it with everything in it on {day}. Until then you can cancel this in the settings.")
	DeletionCanceled        = define("deletion-canceled", "Your account stays", "Its deletion was canceled.")
)

// networks are the values of {network} in English.
var networks = map[string]string{"local": "this server", "private": "a private network", "internet": "the internet"}

// New returns a notice of a text with names and values of what is inserted into it: {day} is an ISO 8601 date, {network} a network of
// a session, an empty {device} an unknown one.
func New(id, user uuid.UUID, at time.Time, text Text, args ...string) *Notice {
	var inserted []string
	for i := 0; i+1 < len(args); i += 2 {
		inserted = append(inserted, "{"+args[i]+"}", english(args[i], args[i+1]))
	}
	r := strings.NewReplacer(inserted...)
	return &Notice{ID: id, UserID: user, Title: r.Replace(text.title), Body: r.Replace(text.body), Content: notification.Say(text.name, args...), At: at}
}

func english(name, value string) string {
	switch name {
	case "device":
		if value == "" {
			return "an unknown device"
		}
	case "network":
		if word, ok := networks[value]; ok {
			return word
		}
		return "an unknown network"
	case "day":
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			return fmt.Sprintf("%d %s %d", day.Day(), day.Month(), day.Year())
		}
	}
	return value
}

// State returns the text of a notice about an account that an administrator has disabled or enabled. Its user reads both when the
// account is enabled again.
func State(disabled bool) Text {
	if disabled {
		return AccountDisabled
	}
	return AccountEnabled
}

// Role returns the text of a notice about an account that has become an administrator's, or no longer is.
func Role(admin bool) Text {
	if admin {
		return AdminGranted
	}
	return AdminRevoked
}
