package org.iommulab.bus;

import org.jspecify.annotations.Nullable;

/**
 * A process address space id of 20 bits, or that there is none.
 *
 * @param value 0 to 0xFFFFF; -1 for {@link #NONE}
 */
public record Pasid(int value) implements Comparable<Pasid> {

  /** The largest value. */
  public static final int LARGEST = (1 << 20) - 1;

  /** What a request without a PASID carries. */
  public static final Pasid NONE = new Pasid(-1);

  /**
   * The entry of a PASID table that requests without a PASID find (RID_PASID): Linux sets up PASID
   * 0 for them and calls it IOMMU_NO_PASID.
   */
  public static final Pasid OF_REQUESTER = new Pasid(0);

  /** The PASID that something names, {@link #NONE} if it names none. */
  public static Pasid of(@Nullable Long named) {
    return named == null ? NONE : new Pasid(named.intValue());
  }

  /** Tells whether there is none. */
  public boolean isNone() {
    return value < 0;
  }

  @Override
  public int compareTo(Pasid other) {
    return Integer.compare(value, other.value);
  }

  /** The number, in decimal. */
  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
