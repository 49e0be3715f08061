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

  /** What both allow. */
  public Rights and(Rights other) {
    return new Rights(read && other.read, write && other.write);
  }

  /** {@code rw}, {@code r-}, {@code -w} or {@code --}. */
  @Override
  public String toString() {
    return (read ? "r" : "-") + (write ? "w" : "-");
  }
}
