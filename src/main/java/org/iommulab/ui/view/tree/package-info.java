/**
 * The page tables of a domain as a lazy tree: present entries, merged ranges, what the last command
 * changed. May import {@code ui}, {@code ui.view.lookup}, {@code ui.view.part} and the floors
 * below.
 */
package org.iommulab.ui.view.tree;
