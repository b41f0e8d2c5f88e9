/** Everything that is asked of notifications stands below this key, so that one invalidation reaches all of it. */
export const notificationsKey = ["notifications"] as const;
