package supervise

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
)

// Revision is a hash of the content of files: a part whose files have changed must be restarted.
func Revision(paths ...string) (string, error) {
	hash := sha256.New()
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			return "", err
		}
		_, err = io.Copy(hash, file)
		_ = file.Close()
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil))[:16], nil
}

// executableRevision is the revision of the running binary, even when the file has been replaced since.
func executableRevision() (string, error) { return Revision("/proc/self/exe") }

// OwnRevision is what a supervisor launched now would report.
func OwnRevision() (string, error) { return executableRevision() }
