package org.iommulab.vtd.tables;

/**
 * What an entry, or a whole path of entries, allows.
 *
 * @param read loads
 * @param write stores
 */
public record EntryRights(boolean read, boolean write) {

  /** Everything. */
  public static final EntryRights ALL = new EntryRights(true, true);

  private static final EntryRights READ = new EntryRights(true, false);
  private static final EntryRights WRITE = new EntryRights(false, true);
  private static final EntryRights NONE = new EntryRights(false, false);

  /** The shared instance for these rights. */
  public static EntryRights of(boolean read, boolean write) {
    if (read) {
      return write ? ALL : READ;
    }
    return write ? WRITE : NONE;
  }

  /** What both allow. */
  public EntryRights and(EntryRights other) {
    return of(read && other.read, write && other.write);
  }

  /** {@code rw}, {@code r-}, {@code -w} or {@code --}. */
  @Override
  public String toString() {
    return (read ? "r" : "-") + (write ? "w" : "-");
  }
}
