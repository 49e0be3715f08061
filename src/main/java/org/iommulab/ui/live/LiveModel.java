package org.iommulab.ui.live;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import org.iommulab.evidence.BadEvidence;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.live.AttachedQemu;
import org.iommulab.ui.LabFacts;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.busy.FxThread;
import org.iommulab.ui.player.PresetPlayer;
import org.jspecify.annotations.Nullable;

/**
 * The QEMU that is looked at. Talking with it happens beside the window; what a look has found is
 * shown by the same views as a dump. When QEMU goes away the last look stays on show, and one
 * sentence says so. Call every method on the JavaFX thread.
 */
@Singleton
public final class LiveModel {

  private static final long PAUSE_SECONDS = 1;

  private final LabModel model;
  private final PresetPlayer player;
  private final Notices notices;
  private final Texts texts;
  private final Executor fx;
  private final ReadOnlyBooleanWrapper attached = new ReadOnlyBooleanWrapper(this, "attached");
  private final ReadOnlyBooleanWrapper following = new ReadOnlyBooleanWrapper(this, "following");
  private @Nullable AttachedQemu qemu;
  private boolean looking;

  @Inject
  public LiveModel(
      LabModel model, PresetPlayer player, Notices notices, Texts texts, @FxThread Executor fx) {
    this.model = model;
    this.player = player;
    this.notices = notices;
    this.texts = texts;
    this.fx = fx;
    model.factsProperty().subscribe(this::stillShown);
  }

  /** A QEMU is attached. */
  public ReadOnlyBooleanProperty attachedProperty() {
    return attached.getReadOnlyProperty();
  }

  /** It is looked at every second. */
  public ReadOnlyBooleanProperty followingProperty() {
    return following.getReadOnlyProperty();
  }

  /** What an attempt came to. */
  private sealed interface Outcome {}

  private record Found(AttachedQemu qemu, Snapshot first) implements Outcome {}

  private record Failed(String sentence) implements Outcome {}

  /** Attaches to a QMP socket and shows what is there instead of what was open. */
  public void attach(Path socket) {
    notices.tell(Role.MUTED, () -> texts.get("live.attaching", socket));
    CompletableFuture.supplyAsync(() -> attempt(socket), Thread::startVirtualThread)
        .thenAcceptAsync(this::show, fx);
  }

  private static Outcome attempt(Path socket) {
    return switch (AttachedQemu.to(socket)) {
      case AttachedQemu.Failed(String sentence) -> new Failed(sentence);
      case AttachedQemu.Attached(AttachedQemu found) ->
          switch (found.look()) {
            case Snapshot first -> new Found(found, first);
            case BadEvidence(String sentence) -> {
              found.close();
              yield new Failed(sentence);
            }
          };
    };
  }

  private void show(Outcome outcome) {
    switch (outcome) {
      case Failed(String sentence) -> notices.tell(Role.BAD, sentence);
      case Found(AttachedQemu found, Snapshot first) -> {
        detach();
        player.forget();
        model.change(
            lab -> {
              lab.open(first);
              return first;
            },
            shown -> {
              qemu = found;
              attached.set(true);
              found.whenLost(sentence -> fx.execute(() -> lost(found, sentence)));
              notices.offer(
                  Role.OK,
                  () ->
                      texts.get(
                          found.readsSharedFile() ? "live.attached-file" : "live.attached-monitor",
                          found.name(),
                          found.version()),
                  "live.look",
                  this::look);
            });
      }
    }
  }

  /** Looks again and marks what has changed. */
  public void look() {
    AttachedQemu now = qemu;
    if (now == null || looking) {
      return;
    }
    looking = true;
    CompletableFuture.supplyAsync(now::look, Thread::startVirtualThread)
        .thenAcceptAsync(evidence -> looked(now, evidence), fx);
  }

  private void looked(AttachedQemu from, Evidence evidence) {
    looking = false;
    if (from != qemu) {
      return;
    }
    switch (evidence) {
      case BadEvidence(String sentence) -> lost(from, sentence);
      case Snapshot snapshot -> {
        model.change(lab -> lab.lookAgain(snapshot), done -> {});
        if (following.get()) {
          CompletableFuture.delayedExecutor(PAUSE_SECONDS, TimeUnit.SECONDS, fx)
              .execute(() -> lookIfFollowing(from));
        }
      }
    }
  }

  private void lookIfFollowing(AttachedQemu from) {
    if (from == qemu && following.get()) {
      look();
    }
  }

  /** Looks every second, or no longer. */
  public void setFollowing(boolean wanted) {
    following.set(wanted && qemu != null);
    if (following.get()) {
      look();
    }
  }

  private void lost(AttachedQemu from, String sentence) {
    if (from == qemu) {
      detach();
      notices.tell(Role.WARN, () -> texts.get("live.lost", sentence));
    }
  }

  /** Lets QEMU go; what was looked at stays on show. */
  public void detach() {
    AttachedQemu before = qemu;
    qemu = null;
    looking = false;
    attached.set(false);
    following.set(false);
    if (before != null) {
      before.close();
    }
  }

  /** Something else was opened: nobody looks at QEMU any more. */
  private void stillShown(LabFacts facts) {
    AttachedQemu now = qemu;
    if (now != null && !Objects.equals(facts.source(), Optional.of(now.name()))) {
      detach();
    }
  }
}
