package org.iommulab.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.iommulab.words.WhyNot;

/** The dumps that ship with the program. */
public enum Sample {
  /** 128 MiB, three-level tables. */
  SMALL("small128"),
  /** Legacy mode, bridges and aliases. */
  LEGACY("legacy48"),
  /** Scalable mode, PASID tables. */
  SCALABLE("scalable"),
  /** VFIO mappings with 1 GiB, 2 MiB and 4 KiB pages. */
  VFIO("vfio-mapped");

  private static final String FOLDER = "/org/iommulab/assets/samples/";

  private final String id;
  private final Path name;

  Sample(String id) {
    this.id = id;
    name = Path.of("samples", id + ".elf.gz");
  }

  /** Its name without ending, stable. */
  public String id() {
    return id;
  }

  /** The sample that a snapshot names as its source, if it is one. */
  public static Optional<Sample> from(String source) {
    return Arrays.stream(values())
        .filter(sample -> sample.name.toString().equals(source))
        .findFirst();
  }

  /** Opens it. */
  public Evidence open() {
    try (InputStream in = Sample.class.getResourceAsStream(FOLDER + id + ".elf.gz")) {
      if (in == null) {
        return new BadEvidence("The sample " + id + " is missing from this installation.");
      }
      return SnapshotReader.read(FileBytes.unpack(name, in));
    } catch (IOException e) {
      return new BadEvidence("The sample " + id + " cannot be read: " + WhyNot.read(e) + ".");
    } catch (Unreadable e) {
      return e.evidence();
    }
  }
}
