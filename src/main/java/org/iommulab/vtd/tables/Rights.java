package org.iommulab.vtd.tables;

/**
 * What an entry, or a whole path of entries, allows.
 *
 * @param read loads
 * @param write stores
 */
public record Rights(boolean read, boolean write) {

  /** Everything. */
  public static final Rights ALL = new Rights(true, true);

  private static final Rights READ = new Rights(true, false);
  private static final Rights WRITE = new Rights(false, true);
  private static final Rights NONE = new Rights(false, false);

  /** The shared instance for these rights. */
  public static Rights of(boolean read, boolean write) {
    if (read) {
      return write ? ALL : READ;
    }
    return write ? WRITE : NONE;
  }

  /** What both allow. */
  public Rights and(Rights other) {
    return of(read && other.read, write && other.write);
  }

  /** {@code rw}, {@code r-}, {@code -w} or {@code --}. */
  @Override
  public String toString() {
    return (read ? "r" : "-") + (write ? "w" : "-");
  }
}
