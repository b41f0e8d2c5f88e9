package main

import (
	"archive/zip"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/MicahParks/jwkset"

	"taskwire.dev/shared/export"
)

// runVerify verifies a backup or an export: both are ZIP archives.
func runVerify(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	server := flags.String("server", "", "")
	keys := flags.String("keys", "", "")
	path, err := parseMixed(flags, args)
	if err != nil {
		return err
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer archive.Close()
	report, err := export.Verify(&archive.Reader)
	if errors.Is(err, export.ErrNotExport) {
		b, err := open(path)
		if err != nil {
			return err
		}
		return b.Close()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	trusted, err := trustedKeys(ctx, *server, *keys)
	if err != nil {
		return err
	}
	return judge(path, report, trusted)
}

// judge says what is in an export, and fails if something is wrong with it. Without trusted keys any key may have signed it.
func judge(path string, r *export.Report, trusted map[string]ed25519.PublicKey) error {
	problems := r.Problems
	signed := "signed by the key " + r.KeyID
	switch {
	case r.Key == nil && trusted != nil:
		problems = append(problems, "the export is not signed")
	case r.Key == nil:
		signed = "not signed"
	case trusted == nil:
		signed += " (give --server to check whose it is)"
	case !r.Key.Equal(trusted[r.KeyID]):
		problems = append(problems, "it was signed by the key "+r.KeyID+", which is not one of that Taskwire's")
	}
	if len(problems) > 0 {
		for _, p := range problems {
			fmt.Fprintln(os.Stderr, p)
		}
		return fmt.Errorf("%s: %s", path, count(int64(len(problems)), "problem"))
	}
	fmt.Fprintf(os.Stderr, "%s: intact; %s, %s of user %s up to %s, %s\n", path,
		count(int64(r.Tasks), "task"), count(r.Manifest.Chain.Events, "change"), r.Manifest.User, r.Manifest.AsOf.Time.Format(time.RFC3339), signed)
	return nil
}

// maxKeys is the most bytes of a key set.
const maxKeys = 64 << 10

// trustedKeys returns the keys of a server or of a file by their ids, nil if neither is given.
func trustedKeys(ctx context.Context, server, file string) (map[string]ed25519.PublicKey, error) {
	var content []byte
	var err error
	switch {
	case server != "" && file != "":
		return nil, errors.New("want either --server or --keys")
	case server != "":
		content, err = fetchKeys(ctx, strings.TrimSuffix(server, "/")+"/.well-known/export-keys.json")
	case file != "":
		content, err = os.ReadFile(file)
	default:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var set jwkset.JWKSMarshal
	if err := json.Unmarshal(content, &set); err != nil {
		return nil, fmt.Errorf("the keys are not a JSON Web Key Set: %w", err)
	}
	keys := map[string]ed25519.PublicKey{}
	for _, one := range set.Keys {
		jwk, err := jwkset.NewJWKFromMarshal(one, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
		if err != nil {
			return nil, fmt.Errorf("a key: %w", err)
		}
		if key, ok := jwk.Key().(ed25519.PublicKey); ok {
			keys[one.KID] = key
		}
	}
	return keys, nil
}

func fetchKeys(ctx context.Context, url string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := (&http.Client{Timeout: 10 * time.Second}).Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	return io.ReadAll(io.LimitReader(response.Body, maxKeys))
}
