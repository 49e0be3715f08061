package org.iommulab.lab.language;

import java.util.List;
import java.util.Map;
import org.iommulab.bus.DmaAccess;
import org.jspecify.annotations.Nullable;

/**
 * The PASID prefix of a device's request: the fields {@code pasid}, {@code exec} and {@code priv}.
 *
 * @param pasid address space of the request, {@link DmaAccess#NO_PASID} if it names none
 * @param execute it wants to execute what it reads
 * @param privileged it asks for supervisor rights
 */
public record Prefix(int pasid, boolean execute, boolean privileged) {

  /** A request without PASID. */
  public static final Prefix NONE = new Prefix(DmaAccess.NO_PASID, false, false);

  private static final int LARGEST_PASID = (1 << 20) - 1;

  /** Its keys in a line. */
  static final List<Field> FIELDS =
      List.of(
          Field.of("pasid", Kind.NUMBER).between(0, LARGEST_PASID).optional(),
          Field.of("exec", Kind.FLAG).optional(),
          Field.of("priv", Kind.FLAG).optional());

  static Prefix read(Fields f) throws Complaint {
    boolean execute = f.flag("exec");
    boolean privileged = f.flag("priv");
    if (!f.has("pasid")) {
      if (execute || privileged) {
        throw new Complaint("\"exec\" and \"priv\" go with a \"pasid\" only");
      }
      return NONE;
    }
    return new Prefix(f.between("pasid", 0, LARGEST_PASID), execute, privileged);
  }

  void write(Map<String, @Nullable Object> to) {
    if (pasid == DmaAccess.NO_PASID) {
      return;
    }
    to.put("pasid", pasid);
    Parts.optional(to, "exec", execute ? true : null);
    Parts.optional(to, "priv", privileged ? true : null);
  }
}
