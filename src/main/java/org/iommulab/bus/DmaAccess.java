package org.iommulab.bus;

/**
 * One request of a device, inside one 4 KiB page.
 *
 * @param source the requester
 * @param address address as the device issued it
 * @param length bytes; 0 is a zero-length read
 * @param kind what it wants to do
 * @param pasid the PASID it carries, {@link Pasid#NONE} if none
 * @param privileged the privileged bit of a request with PASID
 * @param type how the address is to be understood
 * @param noWrite the no-write flag of a translation request
 */
public record DmaAccess(
    SourceId source,
    long address,
    int length,
    Kind kind,
    Pasid pasid,
    boolean privileged,
    AddressType type,
    boolean noWrite) {

  /** What a request wants to do. */
  public enum Kind {
    READ,
    WRITE,
    /** A read whose data will be executed; only with a PASID. */
    EXECUTE,
    /** An atomic operation: reads and writes. */
    ATOMIC
  }

  /** How the address is to be understood: the AT field of a PCIe request. */
  public enum AddressType {
    UNTRANSLATED,
    TRANSLATION_REQUEST,
    TRANSLATED
  }

  /** A plain read without PASID. */
  public static DmaAccess read(SourceId source, long address, int length) {
    return of(source, address, length, Kind.READ);
  }

  /** A plain write without PASID. */
  public static DmaAccess write(SourceId source, long address, int length) {
    return of(source, address, length, Kind.WRITE);
  }

  /** A plain request without PASID. */
  public static DmaAccess of(SourceId source, long address, int length, Kind kind) {
    return new DmaAccess(
        source, address, length, kind, Pasid.NONE, false, AddressType.UNTRANSLATED, false);
  }

  /** The same request with a PASID. */
  public DmaAccess withPasid(Pasid newPasid) {
    return new DmaAccess(source, address, length, kind, newPasid, privileged, type, noWrite);
  }

  /** The same request with or without the privileged bit. */
  public DmaAccess withPrivileged(boolean newPrivileged) {
    return new DmaAccess(source, address, length, kind, pasid, newPrivileged, type, noWrite);
  }

  /** The same request with another address type. */
  public DmaAccess withType(AddressType newType) {
    return new DmaAccess(source, address, length, kind, pasid, privileged, newType, noWrite);
  }

  /** The same request of another requester. */
  public DmaAccess from(SourceId requester) {
    return new DmaAccess(requester, address, length, kind, pasid, privileged, type, noWrite);
  }

  /** What lies in one 4 KiB page from {@code offset} on. */
  public DmaAccess part(int offset) {
    long start = address + offset;
    int bytes = Math.min(length - offset, 4096 - ((int) start & 4095));
    return new DmaAccess(source, start, bytes, kind, pasid, privileged, type, noWrite);
  }

  /** Tells whether it carries a PASID. */
  public boolean hasPasid() {
    return !pasid.isNone();
  }

  /** Tells whether it changes memory. */
  public boolean writes() {
    return kind == Kind.WRITE || kind == Kind.ATOMIC;
  }

  /** The kind in plain words, for titles. */
  public String verb() {
    return switch (kind) {
      case READ -> length == 0 ? "zero-length read" : "read";
      case WRITE -> "write";
      case EXECUTE -> "execute";
      case ATOMIC -> "atomic";
    };
  }
}
