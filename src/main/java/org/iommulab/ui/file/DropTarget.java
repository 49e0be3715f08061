package org.iommulab.ui.file;

import com.google.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import javafx.css.PseudoClass;
import javafx.scene.input.DragEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.Region;

/** Makes a region open the files that are dropped on it. */
public final class DropTarget {

  private static final PseudoClass DROPPING = PseudoClass.getPseudoClass("dropping");

  private final FileOpener opener;

  @Inject
  public DropTarget(FileOpener opener) {
    this.opener = opener;
  }

  /** Lets a region take files; it has the pseudo class {@code dropping} while they hover. */
  public void accept(Region region) {
    region.addEventHandler(
        DragEvent.DRAG_OVER,
        event -> {
          if (event.getDragboard().hasFiles()) {
            event.acceptTransferModes(TransferMode.COPY);
            region.pseudoClassStateChanged(DROPPING, true);
            event.consume();
          }
        });
    region.addEventHandler(
        DragEvent.DRAG_EXITED, event -> region.pseudoClassStateChanged(DROPPING, false));
    region.addEventHandler(
        DragEvent.DRAG_DROPPED,
        event -> {
          List<Path> files =
              event.getDragboard().getFiles().stream().map(file -> file.toPath()).toList();
          event.setDropCompleted(!files.isEmpty());
          event.consume();
          opener.open(files);
        });
  }
}
