package org.iommulab.bus.ats;

import static org.iommulab.bits.Field.address;
import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.ignored;

import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;

/**
 * One translation of a completion.
 *
 * @param input the addresses of the endpoint it holds for
 * @param raw the 64 bits of the completion; {@link #LAYOUT} reads them
 */
public record TranslationEntry(PageRange input, long raw) {

  public static final Field R = flag("R", 0, "reads allowed");
  public static final Field W = flag("W", 1, "writes allowed");
  public static final Field U = flag("U", 2, "use the untranslated address");
  public static final Field EXE = flag("Exe", 3, "execution allowed");
  public static final Field PRIV = flag("Priv", 4, "rights are those of supervisor requests");
  public static final Field GLOBAL = flag("Global", 5, "holds for every PASID");
  public static final Field N = flag("N", 10, "accesses must snoop");
  public static final Field S = flag("S", 11, "larger than a page, size in the address");
  public static final Field ADDR = address("ADDR", 63, 12, "translated address");

  /** The 64 bits. */
  public static final Layout LAYOUT =
      Layout.of("Translation", 64, "9", R, W, U, EXE, PRIV, GLOBAL, ignored(9, 6), N, S, ADDR);

  /** Encodes a translation; {@code flags} are the single-bit fields without S. */
  public static TranslationEntry of(PageRange input, long output, long flags) {
    long raw = input.encode(output) | flags;
    return new TranslationEntry(input, input.isSized() ? raw | S.mask() : raw);
  }

  /** No access: the endpoint may ask for the page. */
  public static TranslationEntry none(PageRange input) {
    return of(input, 0, 0);
  }

  /** Where an address of {@link #input} leads. */
  public long output(long untranslated) {
    long offset = input.bytes() - 1;
    return ADDR.get(raw) & ~offset | untranslated & offset;
  }

  public boolean readable() {
    return R.isSet(raw);
  }

  public boolean writable() {
    return W.isSet(raw);
  }

  public boolean executable() {
    return EXE.isSet(raw);
  }

  /** The rights in letters, such as {@code rw}; empty for none. */
  public String rights() {
    return (readable() ? "r" : "") + (writable() ? "w" : "") + (executable() ? "x" : "");
  }

  /** Tells whether it grants nothing. */
  public boolean isNone() {
    return !readable() && !writable();
  }

  /** Tells whether the endpoint must go on with the untranslated address. */
  public boolean untranslatedOnly() {
    return U.isSet(raw);
  }
}
