package main

import (
	"context"
	"net/http"
	"time"

	"github.com/pquerna/otp/totp"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/client/api"
)

// protected adds an authenticator app to an account, and returns its secret and the recovery codes.
func (a *arena) protected(ctx context.Context, who *account) (secret string, codes []string, err error) {
	var setup api.TotpSetup
	var added api.AddedFactor
	resp, err := who.Patient().Do(ctx, client.Request{Method: http.MethodPost, Path: "/api/auth/factors/totp"})
	if err == nil {
		err = resp.Decode("set up", http.StatusOK, &setup)
	}
	if err != nil {
		return "", nil, err
	}
	code, err := totp.GenerateCode(setup.Secret, time.Now())
	if err != nil {
		return "", nil, err
	}
	resp, err = who.Patient().Do(ctx, post("/api/auth/factors/totp/confirm", client.Fields{"code": code}))
	if err == nil {
		err = resp.Decode("confirm", http.StatusCreated, &added)
	}
	return setup.Secret, added.RecoveryCodes, err
}

// totpStep is how long a code of an authenticator app is the current one.
const totpStep = 30 * time.Second

// secondSteps enters the password n times, and returns the requests that finish these sign-ins.
func (a *arena) secondSteps(ctx context.Context, who *account, n int, member, value string) ([]client.Request, error) {
	requests := make([]client.Request, n)
	for i := range requests {
		resp, err := who.As("").Patient().Do(ctx, login(who.Email, who.Password))
		var step api.SignInStep
		if err == nil {
			err = resp.Decode("login", http.StatusAccepted, &step)
		}
		if err != nil {
			return nil, err
		}
		requests[i] = post("/api/auth/login/second-step", client.Fields{"transaction": step.Transaction, member: value})
	}
	return requests, nil
}

// usedOnce tries one code in several sign-ins at the same time, then in another one.
func (a *arena) usedOnce(ctx context.Context, who *account, member, value string) error {
	steps, err := a.secondSteps(ctx, who, racers+1, member, value)
	if err != nil {
		return err
	}
	won := a.race(ctx, who.As(""), steps[:racers])
	if len(won) != 1 {
		a.fault("a %s was used %d times", member, len(won))
	}
	a.refused(ctx, who.As(""), steps[racers], "a "+member+" that was used")
	return nil
}

func totpReplay(ctx context.Context, a *arena) error {
	target, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	secret, _, err := a.protected(ctx, target)
	if err != nil {
		return err
	}
	code, err := totp.GenerateCode(secret, time.Now().Add(totpStep)) // the current one is used up
	if err != nil {
		return err
	}
	return a.usedOnce(ctx, target, "code", code)
}

func recoveryReuse(ctx context.Context, a *arena) error {
	target, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	_, codes, err := a.protected(ctx, target)
	if err != nil {
		return err
	}
	if err := a.usedOnce(ctx, target, "recovery_code", codes[0]); err != nil {
		return err
	}
	// New codes replace all others.
	resp, err := target.Patient().Do(ctx, client.Request{Method: http.MethodPost, Path: "/api/auth/factors/recovery-codes"})
	if err == nil {
		err = resp.Decode("new codes", http.StatusCreated, nil)
	}
	if err != nil {
		return err
	}
	steps, err := a.secondSteps(ctx, target, 1, "recovery_code", codes[1])
	if err != nil {
		return err
	}
	a.refused(ctx, target.As(""), steps[0], "a recovery code that was replaced")
	return nil
}
