package org.iommulab.ui.workbench;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.action.ActionSource;

/** The window itself and its own actions. */
public final class WorkbenchModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(Workbench.class);
    bind(TopBar.class);
    bind(Menus.class);
    bind(Openables.class);
    bind(StatusLine.class);
    bind(WorkCard.class);
    bind(Messages.class);
    bind(StatusModel.class);
    bind(PaletteModel.class);
    bind(CommandPalette.class);
    bind(Shortcuts.class);
    bind(ShortcutsCard.class);
    bind(PreferencesCard.class);
    bind(PaneMenu.class);
    bind(StepGuide.class);
    bind(ViewActions.class);
    bind(EditActions.class);
    bind(HelpActions.class);
    var actions = Multibinder.newSetBinder(binder(), ActionSource.class);
    actions.addBinding().to(EditActions.class);
    actions.addBinding().to(ViewActions.class);
    actions.addBinding().to(HelpActions.class);
  }
}
