package org.iommulab.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** The dumps that ship with the program. */
public enum Sample {
  SMALL("small128", "Linux 6.12 with 128 MiB: three-level tables"),
  LEGACY("legacy48", "Linux 6.12, legacy mode: bridges, aliases, interrupt remapping"),
  SCALABLE("scalable", "Linux 6.12, scalable mode: PASID tables, second stage"),
  VFIO("vfio-mapped", "Linux 6.12 with VFIO: 1 GiB, 2 MiB and 4 KiB pages");

  private static final String FOLDER = "/org/iommulab/assets/samples/";

  private final String id;
  private final String title;

  Sample(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** Its name without ending, stable. */
  public String id() {
    return id;
  }

  /** One line for a menu. */
  public String title() {
    return title;
  }

  /** Opens it. */
  public Evidence open() {
    Path name = Path.of("samples", id + ".elf.gz");
    try (InputStream in = Sample.class.getResourceAsStream(FOLDER + id + ".elf.gz")) {
      if (in == null) {
        return new BadEvidence("The sample " + id + " is missing from this installation.");
      }
      return SnapshotReader.read(FileBytes.unpack(name, in));
    } catch (IOException e) {
      return new BadEvidence("The sample " + id + " cannot be read: " + FileBytes.reason(e) + ".");
    } catch (Unreadable e) {
      return e.evidence();
    }
  }
}
