package account

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// ErrDisabled is the fault for a sign-in to a disabled account. It comes after the right password, so that strangers do not
// learn it.
var ErrDisabled = fault.New(fault.Forbidden, "this account is disabled: ask the operator of this server")

// Faults of administration.
var (
	ErrNotAdmin   = fault.New(fault.Forbidden, "this is for administrators")
	ErrOwnAccount = fault.New(fault.Conflict, "this is your own account: another administrator has to do that")
	ErrNoUser     = fault.New(fault.NotFound, "there is no such user")
)

// Directory is the part of Store for administrators. All but Administrator check again that who is one.
type Directory interface {
	// Administrator is ErrNotAdmin unless who's account is an administrator's, and Unauthenticated when who's session has ended.
	Administrator(ctx context.Context, who token.Principal) error
	// Users lists accounts by email address, starting after one.
	Users(ctx context.Context, who token.Principal, q UserQuery) ([]ManagedUser, error)
	// UserByID is ErrNoUser for an unknown id.
	UserByID(ctx context.Context, who token.Principal, id uuid.UUID) (ManagedUser, error)
	// ChangeUser changes an account that is not who's own, and notifies its user. It is ErrNoUser for an unknown id.
	ChangeUser(ctx context.Context, who token.Principal, id uuid.UUID, c UserChange) (changed UserChange, err error)
	// EndAllSessions ends the sessions of an account, and its personal access tokens if tokens is set. It is ErrNoUser for an unknown id.
	EndAllSessions(ctx context.Context, who token.Principal, id uuid.UUID, tokens bool, n *notice.Notice) error
	// AddAdminLink adds a link to an account. It is ErrNoUser for an unknown id, and a Conflict for a disabled account.
	AddAdminLink(ctx context.Context, who token.Principal, l AdminLink) error
}

// UserQuery selects accounts.
type UserQuery struct {
	Text  string // in the address or the name; "" is any
	After string // an email address
	Limit int
}

// ManagedUser is an account as administrators see it.
type ManagedUser struct {
	ID         uuid.UUID  `json:"id"`
	Email      string     `json:"email"`
	Name       string     `json:"name"`
	Role       string     `json:"role"`
	CreatedAt  time.Time  `json:"created_at"`
	DisabledAt *time.Time `json:"disabled_at"`
	LastSeenAt *time.Time `json:"last_seen_at"` // by a session or a personal access token
	Sessions   int        `json:"sessions"`     // open ones
	Tokens     int        `json:"tokens"`       // valid ones
	Tasks      int64      `json:"tasks"`        // that the user keeps, without the trash
	Bytes      int64      `json:"bytes"`        // of their titles, descriptions and comments
	MaxTasks   *int64     `json:"max_tasks"`    // set by the operator; nil: as configured
	MaxBytes   *int64     `json:"max_bytes"`    // likewise
}

// UserChange is what an administrator changes; nil leaves it.
type UserChange struct {
	Role     *string `json:"role"`
	Disabled *bool   `json:"disabled"`
}

// AdminLink is a link for a new password that an administrator has asked for.
type AdminLink struct {
	ID        uuid.UUID
	User      uuid.UUID
	Hash      TokenHash
	ExpiresAt time.Time
	Notice    *notice.Notice
}

// administration limits the requests of one administrator.
var administration = ratelimit.Limit{Burst: 60, Every: time.Second}

// Administer reports a fault unless who is an administrator in an open session. A personal access token is not enough: it lasts for
// months, and scripts have it.
func (a *Accounts) Administer(ctx context.Context, who token.Principal) error {
	if err := a.store.Administrator(ctx, who); err != nil {
		return err
	}
	if who.Personal {
		return fault.New(fault.Forbidden, "a personal access token cannot manage users: sign in instead")
	}
	if who.SessionID == uuid.Nil {
		return ErrSession
	}
	if wait := a.limiter.Take(ctx, "admin:"+who.UserID.String(), administration); wait > 0 {
		return tooOften("requests", wait)
	}
	return nil
}

// Users lists accounts.
func (a *Accounts) Users(ctx context.Context, who token.Principal, q UserQuery) ([]ManagedUser, error) {
	return a.store.Users(ctx, who, q)
}

// ChangeUser changes the role or the state of an account, and returns it.
func (a *Accounts) ChangeUser(ctx context.Context, who token.Principal, id uuid.UUID, c UserChange) (ManagedUser, error) {
	var fs fault.Fields
	if c.Role == nil && c.Disabled == nil {
		fs.Add("", "must have role or disabled")
	}
	if c.Role != nil && *c.Role != RoleUser && *c.Role != RoleAdmin {
		fs.Add("/role", "must be %s or %s", RoleUser, RoleAdmin)
	}
	if err := fs.Err(); err != nil {
		return ManagedUser{}, err
	}
	changed, err := a.store.ChangeUser(ctx, who, id, c)
	if err != nil {
		return ManagedUser{}, err
	}
	if changed.Role != nil {
		auditAdmin(ctx, who, id, "role "+*changed.Role)
	}
	if changed.Disabled != nil {
		auditAdmin(ctx, who, id, map[bool]string{true: "user disabled", false: "user enabled"}[*changed.Disabled])
	}
	return a.store.UserByID(ctx, who, id)
}

// Notices returns what the user is notified of after the change.
func (c UserChange) Notices(user uuid.UUID) (all []*notice.Notice) {
	if c.Role != nil {
		all = append(all, newNotice(user, notice.Role(*c.Role == RoleAdmin)))
	}
	if c.Disabled != nil {
		all = append(all, newNotice(user, notice.State(*c.Disabled)))
	}
	return all
}

// EndAllSessions ends the sessions of another account.
func (a *Accounts) EndAllSessions(ctx context.Context, who token.Principal, id uuid.UUID, tokens bool) error {
	action, text := "sessions ended", notice.SessionsEndedByAdmin
	if tokens {
		action, text = "sessions and tokens ended", notice.AccessEndedByAdmin
	}
	n := newNotice(id, text)
	if err := a.store.EndAllSessions(ctx, who, id, tokens, n); err != nil {
		return err
	}
	auditAdmin(ctx, who, id, action)
	return nil
}

// ResetLink is the result of asking for a link. Where mail is sent, the link is in the mail only.
type ResetLink struct {
	Mailed    bool       `json:"mailed"`
	URL       string     `json:"url,omitempty"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
}

// ResetLink sends a link for a new password to the user, or returns it where no mail is sent, to be handed over. page is where links
// lead to.
func (a *Accounts) ResetLink(ctx context.Context, who token.Principal, id uuid.UUID, page string) (ResetLink, error) {
	user, err := a.store.UserByID(ctx, who, id)
	if err != nil {
		return ResetLink{}, err
	}
	if user.DisabledAt != nil {
		return ResetLink{}, ErrLinkOfDisabled
	}
	if a.mailer != nil {
		if err := a.store.QueueMail(ctx, newMail(MailReset, user.Email, clock())); err != nil {
			return ResetLink{}, err
		}
		a.mailer.Wake()
		auditAdmin(ctx, who, id, "reset link mailed")
		return ResetLink{Mailed: true}, nil
	}
	link := AdminLink{
		ID: newID(), User: id, ExpiresAt: clock().Add(ResetLifetime),
		Notice: newNotice(id, notice.ResetLinkByAdmin),
	}
	secret := a.links.secret(link.ID)
	link.Hash, _ = hashOf(secret)
	if err := a.store.AddAdminLink(ctx, who, link); err != nil {
		return ResetLink{}, err
	}
	auditAdmin(ctx, who, id, "reset link created")
	return ResetLink{URL: page + "#" + secret, ExpiresAt: &link.ExpiresAt}, nil
}

// ErrLinkOfDisabled is the fault for a link to a disabled account.
var ErrLinkOfDisabled = fault.New(fault.Conflict, "this account is disabled: enable it first")

func auditAdmin(ctx context.Context, who token.Principal, account uuid.UUID, action string) {
	telemetry.Audit(ctx, telemetry.AdminAction, slog.String("action", action), slog.String("account", account.String()), slog.String("by", who.Actor()))
}
