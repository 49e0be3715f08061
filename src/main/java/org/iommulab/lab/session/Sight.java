package org.iommulab.lab.session;

import java.nio.file.Path;
import java.util.List;

/**
 * What the window shows beside the laboratory.
 *
 * @param evidence the files and folders of the case that is open
 * @param face what has the window instead of the workbench; empty for none
 */
public record Sight(List<Path> evidence, String face) {

  /** The workbench, and no case. */
  public static final Sight NONE = new Sight(List.of(), "");

  public Sight {
    evidence = List.copyOf(evidence);
  }
}
