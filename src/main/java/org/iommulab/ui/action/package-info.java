/**
 * Everything a person can do, each defined once: id, text, icon, shortcut, when possible and why
 * not. Menus, toolbar, palette and shortcuts are made from it. May import {@code ui}.
 */
package org.iommulab.ui.action;
