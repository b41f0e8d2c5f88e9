package function

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"
)

const (
	manifestName = "manifest.json"
	notFoundPage = "/404.html"
)

// How long a browser may cache a file without revalidation.
const (
	// Names do not change with their content, so browsers revalidate each time, and mostly get a 304.
	askEachTime = "no-cache"
	// The name contains a hash of the content.
	forGood = "public, max-age=31536000, immutable"
)

// strict is the policy of pages without inline scripts and styles.
const strict = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// site holds the served files, by URL path.
type site map[string]file

// file is a file of the frontend as it is served.
type file struct {
	contentType string
	policy      string
	caching     string
	forms       []form // smallest first, the plain one last
}

// form is a file in one content coding. Each has its own tag, as RFC 9110, 8.8.3 requires for strong ones.
type form struct {
	encoding string
	content  []byte
	etag     string
}

// loadBuilt reads the output of the frontend's build, as listed in its manifest.
func loadBuilt(dist fs.FS) (site, error) {
	text, err := fs.ReadFile(dist, manifestName)
	if err != nil {
		return nil, err
	}
	var manifest map[string]struct {
		File      string   `json:"file"`
		Type      string   `json:"type"`
		ETag      string   `json:"etag"`
		Policy    string   `json:"policy"`
		Immutable bool     `json:"immutable"`
		Encodings []string `json:"encodings"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return nil, fmt.Errorf("%s: %w", manifestName, err)
	}
	s := site{}
	for address, entry := range manifest {
		f := file{contentType: entry.Type, policy: strict, caching: askEachTime}
		if entry.Policy != "" {
			f.policy = entry.Policy
		}
		if entry.Immutable {
			f.caching = forGood
		}
		for _, encoding := range append(entry.Encodings, identity) {
			name, tag := entry.File, entry.ETag
			if encoding != identity {
				name, tag = name+"."+encoding, tag+"-"+encoding
			}
			content, err := fs.ReadFile(dist, name)
			if err != nil {
				return nil, err
			}
			f.forms = append(f.forms, form{encoding, content, `"` + tag + `"`})
		}
		s[address] = f
	}
	return s, nil
}

// loadPlain serves files as they are.
func loadPlain(root fs.FS) (site, error) {
	s := site{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		f := file{mime.TypeByExtension(path.Ext(name)), strict, askEachTime, []form{{identity, content, tag}}}
		s["/"+strings.TrimSuffix(name, "index.html")] = f
		return nil
	})
	return s, err
}
