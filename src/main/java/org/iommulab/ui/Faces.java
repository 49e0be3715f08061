package org.iommulab.ui;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/** All faces of the window: which is in front, and how the workbench gets the window back. */
@Singleton
public final class Faces {

  private final Provider<Set<Face>> all;
  private final List<Face> open = new ArrayList<>();
  private final ReadOnlyObjectWrapper<@Nullable Face> front =
      new ReadOnlyObjectWrapper<>(this, "front");
  private @Nullable Set<Face> followed;

  /**
   * The faces.
   *
   * @param all asked for late: faces use what uses them
   */
  @Inject
  public Faces(Provider<Set<Face>> all) {
    this.all = all;
  }

  private Set<Face> all() {
    Set<Face> faces = followed;
    if (faces == null) {
      faces = all.get();
      followed = faces;
      faces.forEach(face -> face.showingProperty().subscribe(shows -> follow(face, shows)));
    }
    return faces;
  }

  private void follow(Face face, boolean shows) {
    open.remove(face);
    if (shows) {
      open.add(face);
    }
    front.set(open.isEmpty() ? null : open.getLast());
  }

  /** The face that was opened last; null while the workbench has the window. */
  public ReadOnlyObjectProperty<@Nullable Face> frontProperty() {
    all();
    return front.getReadOnlyProperty();
  }

  /** Gives the window back to the workbench, whatever face has it. */
  public void leave() {
    all().forEach(Face::leave);
  }

  /** Gives the window to the face of that id again. Tells whether it has it now. */
  public boolean show(String id) {
    return all().stream()
        .filter(face -> face.id().equals(id))
        .anyMatch(
            face -> {
              face.show();
              return face.showingProperty().get();
            });
  }
}
