package org.iommulab.ui.live;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import javafx.beans.value.ObservableValue;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;
import org.iommulab.ui.settings.Settings;

/** Attach, look again, look every second, let go. */
@Singleton
final class LiveActions implements ActionSource {

  private static final String SOCKET = "socket";

  private final LiveModel live;
  private final Overlay overlay;
  private final Notices notices;
  private final Settings settings;
  private final Texts texts;

  @Inject
  LiveActions(LiveModel live, Overlay overlay, Notices notices, Settings settings, Texts texts) {
    this.live = live;
    this.overlay = overlay;
    this.notices = notices;
    this.settings = settings;
    this.texts = texts;
  }

  @Override
  public List<Action> actions() {
    return List.of(
        Action.named("attach").runs(this::ask),
        Action.named("look-again").shortcut("Shortcut+R").blocked(whyNot()).runs(live::look),
        Action.named("follow")
            .blocked(whyNot())
            .checked(live.followingProperty())
            .runs(() -> live.setFollowing(!live.followingProperty().get())),
        Action.named("detach").blocked(whyNot()).runs(live::detach));
  }

  private ObservableValue<String> whyNot() {
    return live.attachedProperty().map(attached -> attached ? "" : "reason.not-attached");
  }

  private void ask() {
    var card = new AttachCard(settings.text(SOCKET, ""), texts, this::attach, overlay::close);
    overlay.showOnTop(card);
    card.start();
  }

  private void attach(String text) {
    overlay.close();
    try {
      Path socket = Path.of(text.strip());
      settings.put(SOCKET, socket.toString());
      settings.save();
      live.attach(socket);
    } catch (InvalidPathException e) {
      notices.tell(Role.BAD, () -> texts.get("live.no-path", text));
    }
  }
}
