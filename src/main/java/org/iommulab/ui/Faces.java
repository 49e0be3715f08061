package org.iommulab.ui;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import java.util.Set;

/** All faces of the window, for whoever has something to show in the workbench. */
@Singleton
public final class Faces {

  private final Provider<Set<Face>> all;

  /**
   * The faces.
   *
   * @param all asked for late: faces use what uses them
   */
  @Inject
  public Faces(Provider<Set<Face>> all) {
    this.all = all;
  }

  /** Gives the window back to the workbench, whatever face has it. */
  public void leave() {
    all.get().forEach(Face::leave);
  }
}
