/**
 * The page tables of a domain as a lazy tree: present entries, merged ranges, what the last command
 * changed. May import {@code vtd}, {@code lab} and the doors of {@code ui}.
 */
package org.iommulab.ui.view.tree;
