package org.iommulab.ui.action;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** All actions there are, by id. */
@Singleton
public final class Actions {

  private final Set<ActionSource> sources;
  private final Map<String, Action> byId = new LinkedHashMap<>();

  /** Collects the actions of all parts of the window when the first one is asked for. */
  @Inject
  public Actions(Set<ActionSource> sources) {
    this.sources = sources;
  }

  // Late, because the parts that offer actions also use them.
  private Map<String, Action> byId() {
    if (byId.isEmpty()) {
      sources.stream().flatMap(source -> source.actions().stream()).forEach(this::add);
    }
    return byId;
  }

  private void add(Action action) {
    if (byId.put(action.id(), action) != null) {
      throw new IllegalStateException("two actions are called " + action.id());
    }
  }

  /**
   * The action of that id.
   *
   * @throws IllegalArgumentException if there is none: a mistake in our code
   */
  public Action get(String id) {
    Action action = byId().get(id);
    if (action == null) {
      throw new IllegalArgumentException("no action is called " + id);
    }
    return action;
  }

  /** All of them, in the order of registration. */
  public Collection<Action> all() {
    return Collections.unmodifiableCollection(byId().values());
  }
}
