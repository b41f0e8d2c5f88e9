// Package state stores values that several replicas update: each write names the version that it is based on.
package state

import (
	"context"
	"time"

	daprclient "github.com/dapr/go-sdk/client"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fault"
)

// Store is the state store of the sidecar.
type Store struct{ client daprclient.Client }

// New returns the store, which all functions share: keys have a prefix, such as "context:".
func New(client daprclient.Client) *Store { return &Store{client: client} }

// Get returns a value and its ETag, which is "" if there is no value.
func (s *Store) Get(ctx context.Context, key string) (value []byte, etag string, err error) {
	ctx, cancel := context.WithTimeout(ctx, dapr.StateTimeout)
	defer cancel()
	item, err := s.client.GetState(ctx, dapr.StateStore, key, nil)
	if err != nil {
		return nil, "", fault.WrapUnavailable("the state store", err)
	}
	if len(item.Value) == 0 {
		return nil, "", nil
	}
	return item.Value, item.Etag, nil
}

// Delete deletes values, if they are there.
func (s *Store) Delete(ctx context.Context, keys ...string) error {
	ctx, cancel := context.WithTimeout(ctx, dapr.StateTimeout)
	defer cancel()
	for _, key := range keys {
		if err := s.client.DeleteState(ctx, dapr.StateStore, key, nil); err != nil {
			return fault.WrapUnavailable("the state store", err)
		}
	}
	return nil
}

// Put stores a value if the key still has the ETag that Get returned, else it returns a Conflict.
func (s *Store) Put(ctx context.Context, key string, value []byte, etag string, keep time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, dapr.StateTimeout)
	defer cancel()
	if etag == "" {
		etag = dapr.Absent // without one Dapr would fail instead of comparing
	}
	err := s.client.SaveBulkState(ctx, dapr.StateStore, &daprclient.SetStateItem{
		Key: key, Value: value, Etag: &daprclient.ETag{Value: etag}, Metadata: dapr.TTL(keep),
		Options: &daprclient.StateOptions{Concurrency: daprclient.StateConcurrencyFirstWrite, Consistency: daprclient.StateConsistencyStrong},
	})
	switch {
	case err == nil:
		return nil
	case status.Code(err) == codes.Aborted:
		return fault.Wrap(fault.Conflict, err, "the value has changed since it was read")
	default:
		return fault.WrapUnavailable("the state store", err)
	}
}
